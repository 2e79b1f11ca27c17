/** Rules of conduct, judged by the same questions as in the office; the rules themselves are `DOOR_POLICY`. */
export { DOOR_POLICY } from "../generated/rules";
export { advise, type RuleAdvice, type Verdict } from "./advising";
export type { Policy, PolicyRule, Window } from "./model";
export { exactly, type PastContact, type Situation } from "./situation";
export { checkZone } from "./zones";
