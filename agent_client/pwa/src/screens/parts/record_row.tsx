/** One record and what became of it: where it is, and, when held or disputed, why and what holds meanwhile. */
import type { RecordState, RecordStatus } from "../../phone/contract";
import { useShared, useWords } from "../state";
import { Icon, type IconName } from "./icon";
import { formatMoney } from "./money";
import { clockOfWall, formatDayShort } from "./time";

const LOOKS: Record<RecordState, { tone: string; icon: IconName }> = {
  on_phone: { tone: "warn", icon: "sync" },
  at_office: { tone: "brand", icon: "check" },
  applied: { tone: "good", icon: "check" },
  held: { tone: "warn", icon: "clock" },
  disputed: { tone: "danger", icon: "warn" },
};

export function RecordRow({ record, who = "" }: { record: RecordStatus; who?: string }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const { tone, icon } = LOOKS[record.state];
  const explained = record.state === "held" || record.state === "disputed";
  return (
    <div class="list-row record">
      <div class="fill stack tight">
        <div class="row between wrap-row">
          <span>
            <strong>{words.records.kinds[record.kind] ?? record.kind}</strong>
            {record.amountMinor > 0 && <strong class="figures"> {formatMoney(record.amountMinor, record.currency, language)}</strong>}
          </span>
          <span class={`chip ${tone}`}><Icon name={icon} size={16} />{words.records.states[record.state]}</span>
        </div>
        <p class="muted small figures wrapping">
          {who !== "" && `${who} · `}{formatDayShort(record.at, language)} {clockOfWall(record.at)} · {words.records.reference(record.epoch, record.seq)}
        </p>
        {explained && (
          <div class={`verdict ${tone}`}>
            <p class="strong">{record.title[language]}</p>
            <p>{record.sentence[language]}</p>
            {record.holds[language] !== "" && <p>{words.records.holds}{record.holds[language]}</p>}
          </div>
        )}
      </div>
    </div>
  );
}
