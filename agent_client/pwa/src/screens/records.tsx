/** Everything recorded and what became of it, and the exchange with the office. */
import { useState } from "preact/hooks";
import { Choice } from "./parts/choice";
import { useLoaded } from "./parts/load";
import { Button } from "./parts/press";
import { RecordRow } from "./parts/record_row";
import { Screen } from "./parts/screen";
import { Empty, Once } from "./parts/states";
import { SyncPanel } from "./parts/sync_panel";
import { useTask } from "./parts/task";
import { useShared, useWords } from "./state";

export function Records() {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [everything, setEverything] = useState(false);
  const [filter, setFilter] = useState<"all" | "open">("all");
  const loaded = useLoaded(async () => {
    const status = await shared.phone.status(everything);
    const stops = (await shared.phone.days()).length === 0 ? [] : (await shared.phone.route()).stops;
    return { status, names: new Map(stops.map((stop) => [stop.document.visit, stop.document.name])) };
  }, `records ${everything}`);
  return (
    <Screen title={words.records.title} tab="records">
      <SyncPanel task={task} />
      <Once loaded={loaded}>
        {({ status, names }) => {
          const newest = [...status.records].sort((left, right) => right.epoch - left.epoch || right.seq - left.seq);
          const shown = filter === "all" ? newest : newest.filter((record) => record.state === "held" || record.state === "disputed");
          if (status.seq === 0) return <Empty icon="list" title={words.records.none}><p>{words.records.noneText}</p></Empty>;
          return (
            <>
              <Choice
                legend={words.records.title}
                hideLegend
                shape="pair"
                value={filter}
                onChoose={setFilter}
                options={[
                  { value: "all", label: words.records.filterAll },
                  { value: "open", label: `${words.records.filterOpen} ${newest.filter((record) => record.state === "held" || record.state === "disputed").length}` },
                ]}
              />
              {shown.length === 0 ? (
                <Empty icon="check" title={words.records.nothingOpen} />
              ) : (
                <ul class="list">{shown.map((record) => <li key={record.hash}><RecordRow record={record} who={names.get(record.visit) ?? ""} /></li>)}</ul>
              )}
              <Button onPress={() => setEverything(!everything)}>{everything ? words.records.onlyRecent : words.records.everything}</Button>
            </>
          );
        }}
      </Once>
    </Screen>
  );
}
