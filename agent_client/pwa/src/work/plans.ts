/**
 * Repayment plans at the door, without any signal: what each scheme would cost, and the one that is drawn up.
 *
 * The arithmetic is the office's own (`core/repayment`), so what the agent shows is what the office will find. Asking what a
 * plan would cost writes nothing. A plan within the agent's authority is agreed on at the door; whatever lies beyond is
 * proposed, and waits for the office.
 */
import { refuse } from "../core/errors";
import type { Currency, Scheme, VisitDocument } from "../core/generated/types";
import { agentAuthority, withinAuthority } from "../core/repayment/authority";
import { compare, type Comparison } from "../core/repayment/comparing";
import { schedule } from "../core/repayment/schedules";
import type { Terms } from "../core/repayment/terms";
import type { Desk } from "../store/desk";
import { advise } from "./advice";
import { checkDay } from "./agreements";
import { visitDocument } from "./days";
import { PLAN_PERIODS_MAX } from "./limits";
import { atOpenVisit, personalContent } from "./open_visit";
import type { Written } from "./recording";
import { personalRecord } from "./sealed";

/** A plan as an agent words it. `totalMinor` 0 means all that is owed; `periods` is not asked in a deferral. */
export interface PlanWish {
  scheme: Scheme;
  firstDue: string;
  totalMinor: number;
  periods: number;
  rateBp: number;
  reductionBp: number;
  deferralMonths: number;
}

/** What each plan would cost, side by side, with what lies beyond the agent's authority; nothing is written. */
export async function comparePlans(desk: Desk, visit: string, wishes: readonly PlanWish[]): Promise<Comparison> {
  const document = await visitDocument(await desk.memory.view(), visit);
  return compare(
    wishes.map((wish) => termsOf(wish, document)),
    agentAuthority(document.currency),
  );
}

/** Draw up a plan at an open visit; `terms` is free text that is kept as a side record. */
export async function proposePlan(desk: Desk, visit: string, wish: PlanWish, terms = ""): Promise<Written> {
  if (!(wish.periods >= 1 && wish.periods <= PLAN_PERIODS_MAX)) {
    throw refuse("periods", { periods: wish.periods, most: PLAN_PERIODS_MAX });
  }
  const content = terms.trim() ? personalContent(terms) : null;
  return atOpenVisit(
    desk,
    visit,
    async (_moment, document) => {
      const wanted = termsOf(wish, document);
      schedule(wanted);
      const beyond = withinAuthority(agentAuthority(wanted.currency), wanted).excess;
      const sideRecords = content === null ? [] : [personalRecord(desk, content)];
      const { account, customer } = document;
      return {
        body: {
          kind: "PlanProposed",
          visit,
          account,
          customer,
          scheme: wish.scheme,
          total_minor: wanted.principalMinor,
          currency: wanted.currency as Currency,
          periods: wish.scheme === "deferral" ? 1 : wish.periods,
          first_due: wish.firstDue,
          terms_sha256: sideRecords[0]?.sha256 ?? "",
          rate_bp: wish.rateBp,
          reduction_bp: wish.reductionBp,
          deferral_months: wish.deferralMonths,
        },
        sideRecords,
        advice: [
          ...beyond.map((excess) => advise("plan-beyond", { why: `${excess.reasonEn} | ${excess.reasonZh}` })),
          advise(beyond.length > 0 ? "plan-pending" : "plan-agreed"),
        ],
      };
    },
    { task: "negotiate" },
  );
}

function termsOf(wish: PlanWish, document: VisitDocument): Terms {
  return {
    scheme: wish.scheme,
    principalMinor: wish.totalMinor || document.payoff_minor,
    currency: document.currency as Currency,
    firstDue: checkDay(wish.firstDue),
    periods: wish.scheme === "deferral" ? 1 : wish.periods,
    rateBp: wish.rateBp,
    reductionBp: wish.reductionBp,
    deferralMonths: wish.deferralMonths,
  };
}
