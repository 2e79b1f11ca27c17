/** Every bound of the phone's memory, each with its reason. */

/** Another tab moved the store between reading and writing: so often is a step tried again before it is given up. */
export const CHANGES_TRIES_MAX = 5;

/** The name of the Web Lock under which head is read, signed and written. */
export const WRITER_LOCK = "doorstep-writer";

/** The name of the channel on which tabs tell each other that something changed. */
export const CHANNEL = "doorstep";

/** AES-GCM's nonce: 96 bits of fresh randomness; 2^32 records under one key stay far from a collision (SP 800-38D). */
export const NONCE_BYTES = 12;

/** The data key: AES-256. */
export const DATA_KEY_BYTES = 32;
