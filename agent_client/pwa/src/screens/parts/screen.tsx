/**
 * The frame of a screen: its title, a way back, the content, and at the thumb one bar with safety and the main action.
 *
 * When a screen appears, its heading takes the focus and the window its title, so that a reader says where one is.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { to } from "../routing";
import { useShared, useWords } from "../state";
import { Banner, Notices } from "./banner";
import { Icon } from "./icon";
import { IconButton } from "./press";
import { Tabs } from "./tabs";

interface ScreenProps {
  title: string;
  /** What the browser is told instead, where the title is an amount: it keeps the names of pages in its history, unencrypted. */
  windowTitle?: string;
  children: ComponentChildren;
  /** Where back leads when there is no step before; without it there is no back button. */
  backTo?: string;
  onBack?: () => void;
  /** At the right of the title. */
  beside?: ComponentChildren;
  action?: ComponentChildren;
  tab?: "route" | "cash" | "records" | "more";
  /** For the customer's eyes: white paper, no notices for the agent. */
  paper?: boolean;
  /** Before the phone is open there is nothing to raise an alarm with. */
  closed?: boolean;
}

export function Screen(props: ScreenProps) {
  const shared = useShared();
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${props.windowTitle ?? props.title} · ${words.app.name}`;
  }, [props.windowTitle, props.title, words]);
  void shared.revision.value; // Read, so that a change of the phone draws the screen again.
  const state = shared.phone.state;
  const open = state.at === "open" && props.closed !== true;
  return (
    <div class={`screen${props.paper === true ? " paper" : ""}`}>
      <a class="skip" href="#main">{words.app.skip}</a>
      <header class="bar-top">
        {(props.backTo !== undefined || props.onBack !== undefined) && (
          <span class="back">
            <IconButton icon="back" label={words.app.back} onPress={props.onBack ?? (() => shared.back(props.backTo ?? to.route()))} />
          </span>
        )}
        <h1 tabIndex={-1} ref={heading}>{props.title}</h1>
        {props.beside}
      </header>
      <main class="main" id="main">
        {open && props.paper !== true && (
          <>
            {state.otherWriter && <Banner tone="warn"><p>{words.app.otherTab}</p></Banner>}
            {state.lockedByOffice && <Banner tone="danger" icon="lock"><p>{words.app.lockedByOffice}</p></Banner>}
            <Notices />
          </>
        )}
        {props.children}
      </main>
      {open ? (
        <footer class={`bar-bottom${props.tab === undefined ? "" : " with-tabs"}`}>
          {props.tab !== undefined && props.action}
          <SafetyButton />
          {props.tab !== undefined ? <Tabs current={props.tab} /> : props.action}
        </footer>
      ) : (
        props.action !== undefined && <footer class="bar-bottom">{props.action}</footer>
      )}
    </div>
  );
}

/** Always at the same place at the thumb. */
function SafetyButton() {
  const shared = useShared();
  const words = useWords();
  return (
    <button
      type="button"
      class="safety"
      aria-label={words.app.safety}
      title={words.app.safety}
      onClick={() => {
        shared.safetyOpen.value = true;
      }}
    >
      <Icon name="shield" size={28} />
    </button>
  );
}
