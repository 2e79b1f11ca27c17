/** A new epoch: asked for once, with a random id that is kept, so that a repeated request gets the same epoch. */
import { b64, hex, utf8 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import type { EpochGrant, EpochReason } from "../core/generated/types";
import { readMessage, writeMessage } from "../core/messages";
import { sign, TAG_EPOCH } from "../core/signing";
import { deviceOf, type Desk } from "../store/desk";
import { headRow, lastRow, writer } from "../store/journal";
import { writeMark } from "../store/marker";
import { setSync, syncOf } from "../store/state";
import { REQUEST_BYTES } from "./limits";
import { placeOf } from "./request";
import { notOurs, post } from "./transport";
import { withTries } from "./waiting";

const PATH = "/api/v1/epoch";

/** Ask for a new epoch and go on in it; STATE-STALE when something was recorded while the office answered. */
export async function requestEpoch(
  desk: Desk,
  reason: EpochReason,
  onWait: (seconds: number) => void = () => undefined,
): Promise<number> {
  const device = deviceOf(desk);
  const asked = await desk.memory.change(async (draft) => {
    let state = await syncOf(draft);
    if (!state.epochRequest) {
      state = { ...state, epochRequest: hex(desk.environment.random(REQUEST_BYTES)) };
      await setSync(draft, state);
    }
    return { request: state.epochRequest, place: placeOf(desk, lastRow(draft)) };
  });
  const payload = writeMessage("EpochRequest", { device, ...asked.place, request: asked.request, reason });
  const signature = b64(await sign(desk.signingKey, TAG_EPOCH, utf8(payload)));
  const body = utf8(writeMessage("Signed", { payload, signature, key: device }));
  const grant = await withTries(desk.environment, async () => readGrant(await post(desk.environment, PATH, body)), onWait);
  const entered = await desk.memory.change(async (draft) => {
    const { head } = writer(draft, device);
    const stale = grant.epoch !== head.epoch && !(grant.continues === head.hash && grant.epoch > head.epoch);
    await setSync(draft, { ...(await syncOf(draft)), epochRequest: "", restored: false });
    if (stale) return null;
    if (grant.epoch !== head.epoch) {
      draft.put("head", headRow({ ...head, epoch: grant.epoch, seq: 0, hash: grant.continues }, 0));
    }
    return grant.epoch;
  });
  if (entered === null) {
    throw new DoorstepError("STATE-STALE", "something was recorded while the office answered; ask again");
  }
  writeMark(desk.environment, { device, epoch: entered, seq: 0 });
  return entered;
}

function readGrant(text: string): EpochGrant {
  try {
    return readMessage("EpochGrant", text);
  } catch (error) {
    throw notOurs(PATH, error);
  }
}
