/** The rest: what begins and ends a day, this phone, its language and looks, and what it is. */
import { useState } from "preact/hooks";
import type { StorageReport } from "../phone/contract";
import { Banner } from "./parts/banner";
import { Choice } from "./parts/choice";
import { FaultNote } from "./parts/fault";
import { Icon, type IconName } from "./parts/icon";
import { useInstall } from "./parts/install";
import { useLoaded } from "./parts/load";
import { Button, Link } from "./parts/press";
import { Screen } from "./parts/screen";
import { shareFile } from "./parts/sharing";
import { useTask } from "./parts/task";
import { UpdateCard } from "./parts/update_card";
import { formatDay } from "./parts/time";
import { type PlainScreen, to } from "./routing";
import { type Scheme, useShared, useWords } from "./state";

const DAY_LINKS: readonly { screen: PlainScreen; icon: IconName; word: "departure" | "badge" | "walkUp" | "receipts" | "endOfDay" }[] = [
  { screen: "departure", icon: "check", word: "departure" },
  { screen: "badge", icon: "qr", word: "badge" },
  { screen: "walk-up", icon: "cash", word: "walkUp" },
  { screen: "receipts", icon: "receipt", word: "receipts" },
  { screen: "end-of-day", icon: "moon", word: "endOfDay" },
];

export function Settings() {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const days = useLoaded(() => shared.phone.days(), "days").value ?? [];
  return (
    <Screen title={words.settings.title} tab="more">
      {!shared.updateLater.value && <UpdateCard />}
      <h2 class="section-title">{words.settings.day}</h2>
      <ul class="list">
        {DAY_LINKS.map(({ screen, icon, word }) => (
          <li key={screen}>
            <Link to={to.plain(screen)} go={shared.go} class="list-row"><Icon name={icon} /><span class="fill strong">{words.settings[word]}</span><Icon name="chevron" size={20} /></Link>
          </li>
        ))}
      </ul>
      {days.length > 1 && (
        <>
          <h2 class="section-title">{words.settings.otherDays}</h2>
          <ul class="list">
            {days.map((day) => (
              <li key={day}><Link to={to.route(day)} go={shared.go} class="list-row"><Icon name="calendar" /><span class="fill">{formatDay(day, language)}</span><Icon name="chevron" size={20} /></Link></li>
            ))}
          </ul>
        </>
      )}
      <h2 class="section-title">{words.settings.phone}</h2>
      <section class="card">
        <Choice legend={words.settings.language} shape="pair" value={language} onChoose={shared.setLanguage} options={[{ value: "zh", label: "中文" }, { value: "en", label: "English" }]} />
        <Choice<Scheme>
          legend={words.settings.scheme}
          value={shared.scheme.value}
          onChoose={shared.setScheme}
          options={[
            { value: "auto", label: words.settings.schemes.auto, icon: "device" },
            { value: "sun", label: words.settings.schemes.sun, icon: "sun" },
            { value: "dark", label: words.settings.schemes.dark, icon: "moon" },
          ]}
        />
      </section>
      <StorageCard />
      <PhoneLinks />
      <About />
    </Screen>
  );
}

function StorageCard() {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const loaded = useLoaded(() => shared.phone.storage(), "storage");
  const install = useInstall();
  const report = loaded.value;
  if (report === null) return null;
  return (
    <section class="card">
      <h2>{words.settings.storage}</h2>
      <p class="row"><Icon name={report.persisted ? "check" : "warn"} /><span class={report.persisted ? "fill" : "fill fault"}>{report.persisted ? words.settings.storagePersisted : words.settings.storageNot}</span></p>
      <p class="muted small">{words.settings.storageUse(megabytes(report.usageBytes), megabytes(report.quotaBytes))}</p>
      {!report.persisted && (
        <Button icon="lock" busy={task.busy} onPress={() => task.run(async () => {
          await shared.phone.askPersistence();
          loaded.again();
        })}>{words.departure.protect}</Button>
      )}
      <Installed report={report} install={install} />
      <FaultNote error={task.error} />
    </section>
  );
}

function Installed({ report, install }: { report: StorageReport; install: (() => void) | null }) {
  const words = useWords();
  if (report.installed) return <p class="row"><Icon name="check" /><span>{words.settings.installed}</span></p>;
  return (
    <Banner tone="brand" icon="download">
      <p class="strong">{words.settings.install}</p>
      {install === null ? <p>{words.settings.installText}</p> : <Button icon="download" onPress={install}>{words.settings.installNow}</Button>}
    </Banner>
  );
}

function PhoneLinks() {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [exported, setExported] = useState(0);
  const exportJournal = (): void =>
    task.run(async () => {
      const lines = await shared.phone.exportJournal();
      await shareFile(new TextEncoder().encode(lines), "doorstep-journal.ndjson", "application/x-ndjson");
      setExported(lines.split("\n").filter((line) => line !== "").length);
    });
  return (
    <>
      <ul class="list">
        <li><Link to={to.changePin()} go={shared.go} class="list-row"><Icon name="key" /><span class="fill strong">{words.settings.changePin}</span><Icon name="chevron" size={20} /></Link></li>
        <li>
          <button type="button" class="list-row" aria-busy={task.busy ? "true" : undefined} onClick={exportJournal}>
            <Icon name="download" />
            <span class="fill"><span class="strong">{words.settings.exportJournal}</span><br /><span class="muted small">{exported > 0 ? words.settings.exportDone(exported) : words.settings.exportText}</span></span>
          </button>
        </li>
        <li><button type="button" class="list-row" onClick={() => shared.phone.lock()}><Icon name="lock" /><span class="fill strong">{words.settings.lock}</span></button></li>
      </ul>
      <FaultNote error={task.error} />
    </>
  );
}

function About() {
  const shared = useShared();
  const words = useWords();
  const { state } = shared.phone;
  if (state.at !== "open") return null;
  return (
    <section class="card">
      <h2>{words.settings.about}</h2>
      <dl class="facts">
        <div class="fact"><dt>{words.settings.agent}</dt><dd>{state.agentName} {state.agent}</dd></div>
        <div class="fact"><dt>{words.settings.branch}</dt><dd>{state.branch}</dd></div>
        <div class="fact"><dt>{words.settings.device}</dt><dd class="mono">{state.device}</dd></div>
        <div class="fact"><dt>{words.settings.version}</dt><dd class="mono">{shared.version}</dd></div>
      </dl>
    </section>
  );
}

function megabytes(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
