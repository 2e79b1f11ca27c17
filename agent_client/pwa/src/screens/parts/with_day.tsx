/** What every step with cash needs: the day's summary, or the plain word that there is no day yet. */
import type { ComponentChildren } from "preact";
import type { DaySummary } from "../../phone/contract";
import { to } from "../routing";
import { useShared, useWords } from "../state";
import { useLoaded } from "./load";
import { Screen } from "./screen";
import { Empty, Once } from "./states";

export function WithDay({ title, backTo = to.cash(), tab, children }: {
  title: string;
  backTo?: string;
  tab?: "cash";
  children: (summary: DaySummary) => ComponentChildren;
}) {
  const shared = useShared();
  const words = useWords();
  const loaded = useLoaded(async () => ((await shared.phone.days()).length === 0 ? { summary: null } : { summary: await shared.phone.summary() }), "day");
  const summary = loaded.value?.summary ?? null;
  if (summary !== null) return <>{children(summary)}</>;
  return (
    <Screen title={title} {...(tab === undefined ? { backTo } : { tab })}>
      <Once loaded={loaded}>{() => <Empty icon="cash" title={words.cash.noDay}><p>{words.cash.noDayText}</p></Empty>}</Once>
    </Screen>
  );
}
