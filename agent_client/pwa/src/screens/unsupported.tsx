/** A browser that cannot keep records safely: what it lacks and where to go instead; or a memory that this window may not use. */
import { Icon } from "./parts/icon";
import { LanguageSwitch } from "./parts/language_switch";
import { Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { useWords } from "./state";

export function Unsupported({ missing }: { missing: readonly string[] }) {
  const words = useWords();
  const memory = missing.find((name): name is "update" | "othertab" => name === "update" || name === "othertab");
  if (memory !== undefined) {
    const { title, text } = words.unsupported[memory];
    return (
      <Screen title={title} closed beside={<LanguageSwitch />}>
        <p>{text}</p>
        <Button icon="sync" onPress={() => { location.reload(); }}>{words.unsupported.retry}</Button>
      </Screen>
    );
  }
  const names = words.unsupported.missing as Record<string, string | undefined>;
  return (
    <Screen title={words.unsupported.title} closed beside={<LanguageSwitch />}>
      <p>{words.unsupported.text}</p>
      <ul class="list">
        {missing.map((name) => (
          <li key={name} class="list-row">
            <Icon name="close" />
            <span class="fill">{names[name] ?? words.unsupported.other(name)}</span>
          </li>
        ))}
      </ul>
      <section class="card">
        <ol class="steps">
          {words.unsupported.steps.map((step) => <li key={step}><span>{step}</span></li>)}
        </ol>
      </section>
    </Screen>
  );
}
