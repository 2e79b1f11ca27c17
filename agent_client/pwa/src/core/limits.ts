/** Every bound of the app, each with its reason; those of the Python sources, and below them what only a browser has. */
export * from "./generated/limits";
