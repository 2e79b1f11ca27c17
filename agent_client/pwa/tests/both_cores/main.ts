/**
 * The TypeScript half of the test in which each language reads what the other wrote (`tests/phone/test_both_cores.py`).
 *
 * One JSON object comes in on standard input, one goes out: `{"do": "read", …}` takes apart what Python wrote,
 * `{"do": "write", …}` writes a day by a seed for Python to take apart, `{"do": "judge", …}` answers what Python asks.
 */
import { readFileSync } from "node:fs";
import { judge, type JudgeTask } from "./judging";
import { read, type ReadTask } from "./reading";
import { write, type WriteTask } from "./writing";

const task = JSON.parse(readFileSync(0, "utf8")) as ReadTask | WriteTask | JudgeTask;
process.stdout.write(JSON.stringify(await answer()));

async function answer(): Promise<object> {
  switch (task.do) {
    case "read":
      return read(task);
    case "write":
      return write(task);
    case "judge":
      return judge(task);
  }
}
