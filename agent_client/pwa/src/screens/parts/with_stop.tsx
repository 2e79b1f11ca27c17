/** What every step at a door needs first: the stop itself, and that the agent has checked in there. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { StopView } from "../../phone/contract";
import { to } from "../routing";
import { useShared, useWords } from "../state";
import { Banner } from "./banner";
import { useLoaded } from "./load";
import { Action } from "./press";
import { Screen } from "./screen";
import { Once } from "./states";

export function WithStop({ visit, title, needsOpen = true, children }: {
  visit: string;
  title: string;
  needsOpen?: boolean;
  children: (view: StopView) => ComponentChildren;
}) {
  const shared = useShared();
  const words = useWords();
  const loaded = useLoaded(() => shared.phone.stop(visit), `stop ${visit}`);
  // A step that ends the visit is still on the screen while its own record arrives.
  const wasOpen = useRef(false);
  const view = loaded.value;
  if (view?.stop.state === "open") wasOpen.current = true;
  if (view === null) {
    return <Screen title={title} backTo={to.stop(visit)}><Once loaded={loaded}>{() => null}</Once></Screen>;
  }
  if (needsOpen && !wasOpen.current) {
    return (
      <Screen
        title={title}
        backTo={to.stop(visit)}
        action={<Action icon="pin" onPress={() => shared.go(to.stop(visit), { replace: true })}>{words.stop.checkIn}</Action>}
      >
        <Banner tone="warn"><p>{words.app.notOpen}</p></Banner>
        <WhoLine view={view} />
      </Screen>
    );
  }
  return <>{children(view)}</>;
}

/** Whose door it is, on every step: so that nothing is recorded with the wrong customer. */
export function WhoLine({ view }: { view: StopView }) {
  const words = useWords();
  const { document } = view.stop;
  return (
    <p class="who-line">
      <strong>{document.name}</strong>
      {document.last_four !== "" && <span class="muted"> {words.stop.lastFour(document.last_four)}</span>}
    </p>
  );
}
