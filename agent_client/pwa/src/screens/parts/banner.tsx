/** Something to know, in the tone that it has. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { adviceSentence, oneLanguage } from "../../core/texts";
import type { Advice, Language } from "../../phone/contract";
import { useShared, useWords } from "../state";
import type { Words } from "../words/index";
import { Icon, type IconName } from "./icon";
import { withSigns } from "./money";
import { IconButton } from "./press";

export type Tone = "plain" | "good" | "warn" | "danger" | "brand";

const ICONS: Record<Tone, IconName> = { plain: "info", good: "check", warn: "warn", danger: "stop", brand: "info" };

export function Banner({ tone, children, icon, live = false }: { tone: Tone; children: ComponentChildren; icon?: IconName; live?: boolean }) {
  return (
    <div class={`banner ${tone}`} role={live ? "status" : undefined}>
      <Icon name={icon ?? ICONS[tone]} />
      <div class="fill">{children}</div>
    </div>
  );
}

/** The sentences of advice, each as a paragraph. */
export function AdviceLines({ advice }: { advice: readonly Advice[] }) {
  const language = useShared().language.value;
  const words = useWords();
  return (
    <>
      {advice.map((one) => (
        <p key={one.key + JSON.stringify(one.values)}>
          {plainAdvice(one, language, words)}
        </p>
      ))}
    </>
  );
}

/** The sentence of an advice; ids and codes that only the office needs give way to words. */
export function plainAdvice(advice: Advice, language: Language, words: Words): string {
  const key = advice.key.replace(/^advice-/, "");
  const { why, code } = advice.values;
  if (key === "conduct" && typeof why === "string" && why !== "") return oneLanguage(why, language);
  const values = key === "forbidden" && typeof code === "string" ? { ...advice.values, code: words.tasks[code] ?? code } : advice.values;
  return withSigns(adviceSentence({ key, values }, language));
}

/** What the steps before want the agent to know; read out when it appears. */
export function Notices() {
  const shared = useShared();
  const words = useWords();
  const notices = shared.notices.value;
  // Only what was drawn counts as shown: a step that tells something and goes on is heard on the next screen.
  useEffect(() => shared.drawn(notices), [notices]);
  return (
    <div class="stack" role="status" aria-live="polite" hidden={notices.length === 0}>
      {notices.map((notice) => (
        <div class={`banner ${notice.tone}`} key={notice}>
          <Icon name={notice.tone === "good" ? "check" : "warn"} />
          <div class="fill">
            <p class="strong">{notice.text}</p>
            <AdviceLines advice={notice.advice} />
          </div>
          <IconButton
            icon="close"
            label={words.app.close}
            onPress={() => {
              shared.notices.value = shared.notices.value.filter((other) => other !== notice);
            }}
          />
        </div>
      ))}
    </div>
  );
}
