/** Taking a photo with the phone's own camera, shown small, to be taken again or removed. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Picture } from "../../phone/contract";
import { useWords } from "../state";
import { pictureUrl, shrinkPhoto } from "./pictures";
import { Button } from "./press";
import { useTask } from "./task";

export function Photo({ label, hint, value, onTake, optional = false }: {
  label: string;
  hint?: string;
  value: Picture | null;
  onTake: (picture: Picture | null) => void;
  optional?: boolean;
}) {
  const words = useWords();
  const task = useTask();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [url, setUrl] = useState("");
  const [bad, setBad] = useState(false);
  useEffect(() => {
    if (value === null) {
      setUrl("");
      return undefined;
    }
    const made = pictureUrl(value);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [value]);
  const take = (): void => {
    const file = input.current?.files?.[0];
    if (file === undefined) return;
    setBad(false);
    task.run(async () => {
      try {
        onTake(await shrinkPhoto(file));
      } catch {
        // Whatever the browser could not read as a picture is taken again.
        setBad(true);
      } finally {
        if (input.current !== null) input.current.value = "";
      }
    });
  };
  return (
    <div class="field">
      <span class="label" id={`${id}-label`}>
        {label}
        {optional && <span class="hint"> {words.app.optional}</span>}
      </span>
      <input ref={input} class="unseen" id={id} type="file" accept="image/*" capture="environment" aria-labelledby={`${id}-label`} tabIndex={-1} onChange={take} />
      {url !== "" && <img class="thumb" src={url} alt={label} />}
      <div class="buttons">
        <Button icon="camera" busy={task.busy} onPress={() => input.current?.click()}>
          {value === null ? words.identity.photoTake : words.identity.photoAgain}
        </Button>
        {value !== null && <Button icon="close" onPress={() => onTake(null)}>{words.app.remove}</Button>}
      </div>
      {hint !== undefined && <p class="hint">{hint}</p>}
      <p class="fault" role="alert">{bad ? words.identity.photoBad : ""}</p>
    </div>
  );
}
