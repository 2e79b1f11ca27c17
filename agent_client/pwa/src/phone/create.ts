/** The whole phone behind one interface (`contract.ts`): the only thing that screens know. */
import type { Environment } from "../store/environment";
import type { Phone } from "./contract";
import { readingOf } from "./reading";
import { Session } from "./session";
import { stepsOf } from "./steps";

/** A phone, and what the browser's own machinery asks of it. */
export interface RunningPhone extends Phone {
  /** Resolves when the phone knows where it stands. */
  readonly started: Promise<void>;
  /** Woken for a sync; whether everything was sent. */
  wake(): Promise<boolean>;
  /** Whether a step or a sync is under way, so that the app must not be replaced now. */
  readonly busy: boolean;
}

/** The phone of this browser. */
export function createPhone(environment: Environment): RunningPhone {
  const session = new Session(environment);
  const reading = readingOf((work) => session.read(work));
  const steps = stepsOf((work) => session.step(work));
  return Object.assign(session, reading, steps);
}
