/**
 * Why a rule is breached, or may be, as a sentence with its values, in English and Chinese: the office's own sentences.
 * A rule that is kept answers with its own text. `atMs` is an instant at which it is breached.
 */
import type { Interval } from "../clock";
import { CHANNEL_WORDS } from "../generated/rules";
import { contactsCounted, countedChannels, HOUR_MS, windowsFor } from "./breach";
import { type ContactLimit, type PolicyRule, type SnapshotAge, windowText } from "./model";
import type { Situation } from "./situation";
import { localText } from "./zones";

export interface Both {
  en: string;
  zh: string;
}

/** The sentence in English and in Chinese. */
export function reason(rule: PolicyRule, situation: Situation, atMs: number, state: { possible: boolean; certain: boolean }): Both {
  if (!state.possible) return { en: rule.text_en, zh: rule.text_zh };
  const { en, zh } = cause(rule, situation, atMs);
  return state.certain ? { en, zh } : { en: `Possibly: ${en}`, zh: `可能：${zh}` };
}

function cause(rule: PolicyRule, situation: Situation, atMs: number): Both {
  const { condition } = rule;
  switch (condition.kind) {
    case "PermittedHours": {
      const hours = windowsFor(condition, situation).map(windowText).join(", ");
      const when = momentText(situation.interval, situation.zone);
      return {
        en: `contact ${when.en} is outside the permitted hours ${hours}.`,
        zh: `${when.zh}的联系不在允许时段 ${hours} 内。`,
      };
    }
    case "ContactLimit":
      return limitCause(rule, condition, situation, atMs);
    case "SnapshotAge":
      return snapshotCause(condition, situation, atMs);
  }
}

/** When it is or was, in local time: a moment, or the bounds of an interval as far as there are any. */
export function momentText({ lowMs, highMs }: Interval, zone: string): Both {
  const low = lowMs === null ? null : localText(lowMs, zone);
  const high = highMs === null ? null : localText(highMs, zone);
  if (low === null && high === null) return { en: "at an unknown time", zh: "时间不明" };
  if (low === null) return { en: `until ${high} (${zone})`, zh: `不晚于 ${high}（${zone}）` };
  if (high === null) return { en: `from ${low} on (${zone})`, zh: `不早于 ${low}（${zone}）` };
  if (low === high) return { en: `at ${low} (${zone})`, zh: `${low}（${zone}）` };
  return { en: `between ${low} and ${high} (${zone})`, zh: `${low} 至 ${high} 之间（${zone}）` };
}

function limitCause(rule: PolicyRule, condition: ContactLimit, situation: Situation, atMs: number): Both {
  const { certain, possible } = contactsCounted(rule, condition, situation, atMs);
  const count = certain === possible ? String(certain) : `${certain}–${possible}`;
  const channels = countedChannels(rule, condition);
  const namesEn = channels.map((channel) => CHANNEL_WORDS[channel][0]).join(", ");
  const namesZh = channels.map((channel) => CHANNEL_WORDS[channel][1]).join("、");
  const [kindEn, kindZh] = condition.counts === "effective" ? ["effective ", "有效"] : ["", ""];
  const [spanEn, spanZh] = condition.days === 1 ? ["that day", "当日"] : [`within ${condition.days} days`, `${condition.days} 日内`];
  return {
    en: `${count} ${kindEn}contact(s) by ${namesEn} ${spanEn} before this one; at most ${condition.limit} are allowed.`,
    zh: `此前${spanZh}已有 ${count} 次${kindZh}联系（${namesZh}），最多允许 ${condition.limit} 次。`,
  };
}

function snapshotCause(condition: SnapshotAge, situation: Situation, atMs: number): Both {
  const snapshotMs = situation.snapshotMs ?? null;
  if (snapshotMs === null) {
    return {
      en: `the age of the account's data is not known; at most ${condition.hours_max} hours are allowed.`,
      zh: `账户数据的时间不明，最长不得超过 ${condition.hours_max} 小时。`,
    };
  }
  const age = Math.floor((atMs - snapshotMs) / HOUR_MS);
  const asOf = localText(snapshotMs, situation.zone);
  return {
    en: `the account's data is as of ${asOf}, ${age} hours old; at most ${condition.hours_max} hours are allowed.`,
    zh: `账户数据截至 ${asOf}，已过 ${age} 小时，最长不得超过 ${condition.hours_max} 小时。`,
  };
}
