/** Somebody who is not on the route pays: the money waits until the office has matched it. */
import { useState } from "preact/hooks";
import type { Pack } from "../core/generated/types";
import { Banner } from "./parts/banner";
import { Field } from "./parts/field";
import { useLoaded } from "./parts/load";
import { PaymentFlow } from "./parts/payment_flow";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { Once } from "./parts/states";
import { usePosition } from "./parts/use_position";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function WalkUp() {
  const shared = useShared();
  const words = useWords();
  const loaded = useLoaded(async () => ((await shared.phone.days()).length === 0 ? { pack: null } : { pack: (await shared.phone.route()).pack }), "walk-up");
  if (loaded.value === null || loaded.value.pack === null) {
    return (
      <Screen title={words.collect.walkUp} backTo={to.plain("settings")}>
        <Once loaded={loaded}>{() => <Banner tone="warn"><p>{words.collect.noPlace}</p></Banner>}</Once>
      </Screen>
    );
  }
  return <WalkUpForm pack={loaded.value.pack} />;
}

function WalkUpForm({ pack }: { pack: Pack }) {
  const shared = useShared();
  const words = useWords();
  const position = usePosition();
  const [account, setAccount] = useState("");
  const [customer, setCustomer] = useState("");
  const [named, setNamed] = useState(false);
  const [asked, setAsked] = useState(false);
  const missing = account.trim() === "";
  if (!named) {
    return (
      <Screen
        title={words.collect.walkUp}
        backTo={to.plain("settings")}
        action={
          <Action
            dim={missing}
            onPress={() => {
              setAsked(true);
              setNamed(!missing);
            }}
          >
            {words.app.next}
          </Action>
        }
      >
        <p>{words.collect.walkUpLead}</p>
        <Field label={words.collect.account} hint={words.collect.accountHint} value={account} onInput={setAccount} maxLength={64} fault={asked && missing ? words.collect.accountMissing : undefined} />
        <Field label={words.collect.customer} value={customer} onInput={setCustomer} maxLength={64} optional />
      </Screen>
    );
  }
  return (
    <PaymentFlow
      title={words.collect.walkUp}
      who={account.trim()}
      draft={`walk-up ${account.trim()}`}
      currency={pack.currency}
      payoffMinor={0}
      shortcuts={[]}
      backTo={to.plain("settings")}
      day={pack.service_day}
      identified={false}
      above={<p class="who-line"><span class="muted">{words.collect.account}</span> <strong>{account.trim()}</strong></p>}
      onCollect={(payment) =>
        shared.phone.collect("", {
          ...payment,
          walkUp: true,
          account: account.trim(),
          ...(customer.trim() === "" ? {} : { customer: customer.trim() }),
          position: position(),
        })
      }
    />
  );
}
