/** Switches between the two languages; each is named in itself. */
import { useShared } from "../state";

export function LanguageSwitch() {
  const shared = useShared();
  const other = shared.language.value === "zh" ? "en" : "zh";
  return (
    <button type="button" class="link-button" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => shared.setLanguage(other)}>
      {other === "zh" ? "中文" : "English"}
    </button>
  );
}
