/**
 * The TypeScript half of the test in which each language reads what the other wrote (`tests/phone/test_both_cores.py`).
 *
 * One JSON object comes in on standard input, one goes out: `{"do": "read", …}` takes apart what Python wrote,
 * `{"do": "write", …}` writes a day by a seed for Python to take apart.
 */
import { readFileSync } from "node:fs";
import { read, type ReadTask } from "./reading";
import { write, type WriteTask } from "./writing";

const task = JSON.parse(readFileSync(0, "utf8")) as ReadTask | WriteTask;
process.stdout.write(JSON.stringify(task.do === "read" ? await read(task) : await write(task)));
