/** This phone was enrolled and its storage is gone: what that means and what to do now. */
import { useState } from "preact/hooks";
import { Enrol } from "./enrol";
import { Banner } from "./parts/banner";
import { Icon } from "./parts/icon";
import { LanguageSwitch } from "./parts/language_switch";
import { OFFICE_PHONE } from "./parts/office_phone";
import { telLink } from "./parts/position";
import { Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { useShared, useWords } from "./state";

export function Lost({ device }: { device: string }) {
  const shared = useShared();
  const words = useWords();
  const [enrolling, setEnrolling] = useState(false);
  const number = shared.memory.get(OFFICE_PHONE) ?? "";
  if (enrolling) return <Enrol onBack={() => setEnrolling(false)} />;
  return (
    <Screen
      title={words.lost.title}
      closed
      beside={<LanguageSwitch />}
      action={number === "" ? undefined : <a class="action" href={telLink(number)}><Icon name="phone" />{words.app.callOffice(number)}</a>}
    >
      <Banner tone="danger" icon="warn"><p>{words.lost.text}</p></Banner>
      {device !== "" && (
        <section class="card">
          <dl class="facts"><div class="fact"><dt>{words.lost.device}</dt><dd class="mono">{device}</dd></div></dl>
        </section>
      )}
      <section class="card">
        <ol class="steps">
          {words.lost.steps.map((step) => <li key={step}><span>{step}</span></li>)}
        </ol>
      </section>
      {number === "" && <p class="muted">{words.lost.noPhone}</p>}
      <div class="grow" />
      <Button wide onPress={() => setEnrolling(true)}>{words.lost.again}</Button>
    </Screen>
  );
}
