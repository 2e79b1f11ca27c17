/** A refusal or an error as the agent reads it: what happened, and what to do about it. */
import { DoorstepError } from "../../core/errors";
import type { Language } from "../../phone/contract";
import { useShared, useWords } from "../state";
import type { Words } from "../words/index";
import { Icon } from "./icon";
import { withSigns } from "./money";

export interface Fault {
  headline: string;
  detail: string;
  remedy: string;
}

/** Any thrown value; what is not one of ours gets the plain sentence for it. */
export function faultOf(error: unknown, language: Language, words: Words): Fault {
  if (!(error instanceof DoorstepError)) {
    return { headline: words.app.unexpected, detail: "", remedy: words.app.unexpectedRemedy };
  }
  const remedy = error.code === "WORK-REFUSED" ? "" : error.remedyIn(language);
  if (error.key !== "") return { headline: sentence(withSigns(error.causeIn(language)), language), detail: "", remedy };
  // A cause without a text of ours is English and names values; the title says in either language what is the matter.
  const detail = language === "en" ? sentence(withSigns(error.cause), language) : "";
  return { headline: sentence(error.titleIn(language), language), detail, remedy };
}

function sentence(text: string, language: Language): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.。！!?？]$/.test(upper) ? upper : `${upper}${language === "zh" ? "。" : "."}`;
}

/** Shown where the step was tried; read out at once. */
export function FaultNote({ error }: { error: unknown }) {
  const { language } = useShared();
  const words = useWords();
  if (error === null || error === undefined) return <div role="alert" hidden />;
  const fault = faultOf(error, language.value, words);
  return (
    <div class="banner danger" role="alert">
      <Icon name="warn" />
      <div class="fill">
        <p class="strong">{fault.headline}</p>
        {fault.detail !== "" && <p>{fault.detail}</p>}
        {fault.remedy !== "" && <p>{fault.remedy}</p>}
      </div>
    </div>
  );
}
