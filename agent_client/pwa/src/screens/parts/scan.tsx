/** Reading a QR code with the camera, where the browser can (BarcodeDetector); elsewhere its button does not appear. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../state";
import { Banner } from "./banner";
import { Button } from "./press";
import { Sheet } from "./sheet";

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorKind {
  new (options: { formats: string[] }): Detector;
}

const LOOK_EVERY_MS = 200;

function detectorKind(): DetectorKind | null {
  const kind = (globalThis as { BarcodeDetector?: DetectorKind }).BarcodeDetector;
  return kind !== undefined && navigator.mediaDevices !== undefined ? kind : null;
}

export function canScan(): boolean {
  return detectorKind() !== null;
}

/** A button that opens the camera in a sheet; nothing where there is no detector. */
export function ScanButton({ label, onRead, wide = false }: { label: string; onRead: (text: string) => void; wide?: boolean }) {
  const [open, setOpen] = useState(false);
  if (!canScan()) return null;
  return (
    <>
      <Button icon="qr" wide={wide} onPress={() => setOpen(true)}>{label}</Button>
      {open && (
        <Viewfinder
          title={label}
          onClose={() => setOpen(false)}
          onRead={(text) => {
            setOpen(false);
            onRead(text);
          }}
        />
      )}
    </>
  );
}

function Viewfinder({ title, onRead, onClose }: { title: string; onRead: (text: string) => void; onClose: () => void }) {
  const words = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let timer = 0;
    let over = false;
    const watch = async (): Promise<void> => {
      const Kind = detectorKind();
      if (Kind === null) throw new Error("no detector");
      const detector = new Kind({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      const element = video.current;
      if (over || element === null) return;
      element.srcObject = stream;
      await element.play();
      const look = async (): Promise<void> => {
        if (over) return;
        // A frame that cannot be read is followed by the next one.
        const found = await detector.detect(element).catch(() => []);
        const text = found[0]?.rawValue;
        if (text !== undefined && text !== "") onRead(text);
        else timer = window.setTimeout(() => void look(), LOOK_EVERY_MS);
      };
      await look();
    };
    watch().catch(() => setFailed(true));
    return () => {
      over = true;
      window.clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, []);
  return (
    <Sheet title={title} onClose={onClose}>
      {failed ? (
        <Banner tone="warn"><p>{words.enrol.noCamera}</p></Banner>
      ) : (
        <>
          <video ref={video} class="viewfinder" muted playsInline aria-label={words.enrol.scanHint} />
          <p class="muted">{words.enrol.scanHint}</p>
        </>
      )}
      <Button wide onPress={onClose}>{words.enrol.stopScan}</Button>
    </Sheet>
  );
}
