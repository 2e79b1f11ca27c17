/** The whole app: which screen stands for the phone's state and the path, and the safety sheet over any of them. */
import { useEffect } from "preact/hooks";
import { Badge } from "./badge";
import { Cash } from "./cash";
import { ChangePin } from "./change_pin";
import { Collect } from "./collect";
import { Companion } from "./companion";
import { Conclude } from "./conclude";
import { ContactReport } from "./contact";
import { Deliver } from "./deliver";
import { Departure } from "./departure";
import { Deposit } from "./deposit";
import { Details } from "./details";
import { EndOfDay } from "./end_of_day";
import { Enrol } from "./enrol";
import { ForgotPin } from "./forgot_pin";
import { HandOver } from "./hand_over";
import { Identity } from "./identity";
import { Locked } from "./locked";
import { Loss } from "./loss";
import { Lost } from "./lost";
import { NoteScreen } from "./note";
import { Plan } from "./plan";
import { PromiseScreen } from "./promise";
import { ReceiptList } from "./receipt_list";
import { ReceiptScreen } from "./receipt";
import { Records } from "./records";
import { RouteScreen } from "./route";
import { placeOf, type Place } from "./routing";
import { SafetySheet } from "./safety";
import { Settings } from "./settings";
import { Starting } from "./starting";
import { type Shared, SharedContext, useShared } from "./state";
import { Stop } from "./stop";
import { Transfer } from "./transfer";
import { Unsupported } from "./unsupported";
import { VoidScreen } from "./void";
import { WalkUp } from "./walk_up";

export function App({ shared }: { shared: Shared }) {
  const language = shared.language.value;
  const scheme = shared.scheme.value;
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  useEffect(() => {
    if (scheme === "auto") delete document.documentElement.dataset["scheme"];
    else document.documentElement.dataset["scheme"] = scheme;
  }, [scheme]);
  return (
    <SharedContext.Provider value={shared}>
      <Present />
    </SharedContext.Provider>
  );
}

function Present() {
  const shared = useShared();
  void shared.revision.value;
  const { state } = shared.phone;
  const path = shared.path.value;
  const place = placeOf(path);
  useEffect(() => {
    // A phone that locked itself opens on a step's first page: what was typed further in is gone.
    if (state.at === "open") return;
    shared.stage.value = 0;
    shared.safetyOpen.value = false;
  }, [state.at]);
  if (state.at === "starting") return <Starting />;
  if (state.at === "unsupported") return <Unsupported missing={state.missing} />;
  if (state.at === "blank") return state.lost ? <Lost device={state.lostDevice} /> : <Enrol />;
  if (state.at === "locked") return place.screen === "forgot-pin" ? <ForgotPin /> : <Locked state={state} />;
  return (
    <>
      <Open place={place} key={path} />
      {shared.safetyOpen.value && <SafetySheet place={place} />}
    </>
  );
}

/** The screen of a path on an open phone. */
function Open({ place }: { place: Place }) {
  switch (place.screen) {
    case "route":
      return <RouteScreen day={place.day} />;
    case "stop":
      return <StopStepScreen visit={place.visit} step={place.step} />;
    case "receipt":
      return place.voiding ? <VoidScreen series={place.series} /> : <ReceiptScreen series={place.series} />;
    case "cash-step":
      if (place.step === "hand-over") return <HandOver />;
      if (place.step === "deposit") return <Deposit />;
      return place.step === "transfer" ? <Transfer /> : <Loss />;
    case "change-pin":
      return <ChangePin />;
    case "walk-up":
      return <WalkUp />;
    case "cash":
      return <Cash />;
    case "end-of-day":
      return <EndOfDay />;
    case "records":
      return <Records />;
    case "departure":
      return <Departure />;
    case "badge":
      return <Badge />;
    case "receipts":
      return <ReceiptList />;
    case "settings":
      return <Settings />;
    case "forgot-pin":
      return <RouteScreen day="" />;
  }
}

function StopStepScreen({ visit, step }: { visit: string; step: Extract<Place, { screen: "stop" }>["step"] }) {
  switch (step) {
    case "":
      return <Stop visit={visit} />;
    case "identity":
      return <Identity visit={visit} />;
    case "collect":
      return <Collect visit={visit} />;
    case "deliver":
      return <Deliver visit={visit} />;
    case "promise":
      return <PromiseScreen visit={visit} />;
    case "plan":
      return <Plan visit={visit} />;
    case "contact":
      return <ContactReport visit={visit} />;
    case "note":
      return <NoteScreen visit={visit} />;
    case "details":
      return <Details visit={visit} />;
    case "companion":
      return <Companion visit={visit} />;
    case "conclude":
      return <Conclude visit={visit} />;
  }
}
