/** How much of what was recorded the office holds; a press leads to the records. */
import type { PhoneStatus } from "../../phone/contract";
import { to } from "../routing";
import { useShared, useWords } from "../state";
import type { Words } from "../words/index";
import { Icon } from "./icon";
import { useStatus } from "./status";
import { Link } from "./press";

export function SyncChip() {
  const shared = useShared();
  const words = useWords();
  const status = useStatus();
  const running = shared.phone.sync.at === "running";
  if (status === null || (status.seq === 0 && !running)) return null;
  const text = running ? words.sync.running : chipText(status, words);
  const tone = status.unsent > 0 ? "warn" : "good";
  return (
    <Link to={to.plain("records")} go={shared.go} class="chip-button">
      <span class={`chip ${running ? "brand" : tone}`}>
        {running ? <span class="spinner small" aria-hidden="true" /> : <Icon name={status.unsent > 0 ? "sync" : "check"} size={16} />}
        {text}
      </span>
    </Link>
  );
}

/** `n of n at the office`, counted in this epoch's journal. */
export function chipText(status: Pick<PhoneStatus, "unsent" | "seq">, words: Words): string {
  if (status.seq === 0) return words.sync.none;
  if (status.unsent === 0) return words.sync.allAt;
  return words.sync.chip(Math.max(0, status.seq - status.unsent), status.seq);
}
