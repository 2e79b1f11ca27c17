/** The phone of a real browser without its screens, as `phone` on the window, for tests that drive it from outside. */
import { browserEnvironment } from "../../src/phone/browser";
import { createPhone } from "../../src/phone/create";

Object.assign(globalThis, { phone: createPhone(browserEnvironment()) });
