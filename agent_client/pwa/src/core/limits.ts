/** Every bound that both sides share, each with its reason; what only a browser needs is bounded in its own room. */
export * from "./generated/limits";
