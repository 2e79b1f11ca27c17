/** Taking a payment at a stop: amount, method, a last look together with the customer, then the receipt. */
import type { StopView } from "../phone/contract";
import { oneLanguage } from "../core/texts";
import { shortcutsOf } from "./parts/amount_entry";
import { Banner } from "./parts/banner";
import { forbiddenGroups } from "./parts/stops";
import { PaymentFlow } from "./parts/payment_flow";
import { usePosition } from "./parts/use_position";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Collect({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.collect.title}>
      {(view) => <CollectHere view={view} />}
    </WithStop>
  );
}

function CollectHere({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const position = usePosition();
  const { document } = view.stop;
  return (
    <PaymentFlow
      title={words.collect.title}
      who={document.name}
      draft={document.visit}
      currency={document.currency}
      payoffMinor={document.payoff_minor}
      shortcuts={shortcutsOf(document).map(({ key, minor }) => ({ label: words.collect[key], minor }))}
      backTo={to.stop(document.visit)}
      day={view.pack.service_day}
      identified={view.identity === "answered"}
      above={
        <>
          <WhoLine view={view} />
          <ForbiddenHere view={view} />
        </>
      }
      onCollect={(payment) => shared.phone.collect(document.visit, { ...payment, position: position() })}
    />
  );
}

function ForbiddenHere({ view }: { view: StopView }) {
  const words = useWords();
  const language = useShared().language.value;
  const reasons = forbiddenGroups(view.stop.document).filter(({ codes }) => codes.includes("collect") || codes.includes("visit"));
  return (
    <>
      {reasons.map(({ why }) => (
        <Banner tone="danger" key={why}>
          <p class="strong">{words.collect.forbidden}</p>
          <p>{oneLanguage(why, language)}</p>
          <p>{words.collect.forbiddenGo}</p>
        </Banner>
      ))}
    </>
  );
}
