/** A sheet from below over the present screen. The browser's own dialog keeps focus inside and gives Escape and back. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useWords } from "../state";
import { IconButton } from "./press";

export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    document.getElementById(heading)?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={heading}
      onCancel={(event: Event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event: MouseEvent) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="sheet-inner">
        <div class="sheet-head">
          <h2 id={heading} tabIndex={-1}>{title}</h2>
          <IconButton icon="close" label={words.app.close} onPress={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  );
}
