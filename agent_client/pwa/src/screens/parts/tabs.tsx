/** The four places that an agent returns to. */
import { to } from "../routing";
import { useShared, useWords } from "../state";
import { Icon, type IconName } from "./icon";
import { useStatus } from "./status";
import { Link } from "./press";

export type Tab = "route" | "cash" | "records" | "more";

const TABS: readonly { tab: Tab; icon: IconName; path: string }[] = [
  { tab: "route", icon: "route", path: to.route() },
  { tab: "cash", icon: "cash", path: to.cash() },
  { tab: "records", icon: "list", path: to.plain("records") },
  { tab: "more", icon: "more", path: to.plain("settings") },
];

export function Tabs({ current }: { current: Tab }) {
  const shared = useShared();
  const words = useWords();
  const status = useStatus();
  const unsent = status === null ? 0 : status.unsent;
  return (
    <nav class="tabs" aria-label={words.app.tabs.label}>
      {TABS.map(({ tab, icon, path }) => (
        <Link key={tab} to={path} go={shared.go} current={tab === current}>
          <Icon name={icon} />
          <span>{words.app.tabs[tab]}</span>
          {tab === "records" && unsent > 0 && (
            <span class="count">
              <span aria-hidden="true">{unsent > 99 ? "99+" : unsent}</span>
              <span class="unseen">{words.sync.waiting(unsent)}</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
