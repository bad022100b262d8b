import { IconCheck, IconX } from "@tabler/icons-react";
import { clockTime, dayWords, fullTime } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import type { ExplainedLine } from "./explanation-words.ts";
import whyStyles from "./why.module.css";
import words from "../page/words.module.css";

/** Condition by condition: whether it holds, what the person has, and when time alone may change it. */
export function ExplanationTree({ line }: { line: ExplainedLine }) {
  const now = useNow(30_000);
  return (
    <ul className={whyStyles.tree}>
      <Line line={line} now={now} />
    </ul>
  );
}

function Line({ line, now }: { line: ExplainedLine; now: number }) {
  return (
    <li className={whyStyles.branch}>
      <div className={whyStyles.explained} data-holds={line.holds}>
        <span className={whyStyles.markIcon} role="img" aria-label={line.holds ? "Yes" : "No"}>
          {line.holds ? <IconCheck size={14} stroke={2.4} /> : <IconX size={14} stroke={2.4} />}
        </span>
        <span className={whyStyles.explainedWords}>
          <span className={line.isGroup ? whyStyles.groupWords : undefined} dir="auto">
            {line.words}
          </span>
          {line.actual !== null && (
            <span className={whyStyles.actual} dir="auto">
              {line.actual}
            </span>
          )}
          {!line.isGroup && line.nextAt !== null && line.nextAt > now && (
            <time
              className={words.quiet}
              dateTime={new Date(line.nextAt).toISOString()}
              title={fullTime(line.nextAt, { now })}
            >
              May change by itself {nextWords(line.nextAt, now)}
            </time>
          )}
        </span>
      </div>
      {line.of.length > 0 && (
        <ul className={whyStyles.branches}>
          {line.of.map((part, index) => (
            // Lines of one explanation never move.
            // oxlint-disable-next-line react/no-array-index-key
            <Line key={index} line={part} now={now} />
          ))}
        </ul>
      )}
    </li>
  );
}

const DAY_MS = 86_400_000;

function nextWords(at: number, now: number): string {
  const clock = { now };
  if (at - now < DAY_MS && dayWords(at, clock) === "Today")
    return `today at ${clockTime(at, clock)}`;
  return `on ${new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" }).format(at)} at ${clockTime(at, clock)}`;
}
