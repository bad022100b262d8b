import { useElementSize } from "@mantine/hooks";
import type { TriggerFigures } from "../../../../protocol/triggers-api.ts";
import { count } from "../../words/names.ts";
import styles from "./figures.module.css";
import { ceilingOf, dayLabel } from "./day-scale.ts";
import cards from "../../page/card.module.css";
import words from "../../page/words.module.css";

/** Until the screen has said how wide it is. */
const FIRST_WIDTH = 720;
const HEIGHT = 180;
const LEFT = 40;
const BOTTOM = 24;
const TOP = 8;

type Days = TriggerFigures["days"];

/** How much was sent each day, and how much of that was seen. */
export function DaysChart({ days, timeZone }: { days: Days; timeZone: string }) {
  // One unit is one pixel on every screen, so that the words keep their size.
  const { ref, width: measured } = useElementSize();
  const width = Math.round(measured) || FIRST_WIDTH;
  const ceiling = ceilingOf(Math.max(0, ...days.map(({ sent }) => sent)));
  const plot = HEIGHT - TOP - BOTTOM;
  const step = (width - LEFT) / Math.max(1, days.length);
  const bar = Math.max(1, Math.min(28, step * 0.7));
  const y = (value: number): number => TOP + plot * (1 - value / ceiling);
  const labels = new Set([0, Math.floor((days.length - 1) / 2), days.length - 1]);
  const sum = (key: "sent" | "seen" | "goal"): number =>
    days.reduce((total, day) => total + day[key], 0);
  return (
    <section className={cards.card} aria-labelledby="days-title">
      <h2 id="days-title" className={cards.title}>
        How many were sent and seen each day?
      </h2>
      <p className={styles.legend}>
        <span data-series="sent">Sent</span>
        <span data-series="seen">Seen</span>
        <span className={words.quiet}>Days of {timeZone.replaceAll("_", " ")}</span>
      </p>
      <div ref={ref}>
        <svg
          viewBox={`0 0 ${width} ${HEIGHT}`}
          className={styles.days}
          role="img"
          aria-label={`${count(days.length, "day")}: ${sum("sent")} sent, ${sum("seen")} seen, ${sum("goal")} reached the goal.`}
        >
          {[0, ceiling / 2, ceiling].map((value) => (
            <g key={value}>
              <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} className={styles.axis} />
              <text x={LEFT - 8} y={y(value) + 4} textAnchor="end" className={styles.mark}>
                {value.toLocaleString()}
              </text>
            </g>
          ))}
          {days.map((day, index) => {
            const x = LEFT + index * step + (step - bar) / 2;
            return (
              <g key={day.day}>
                <title>{`${dayLabel(day.day)}: ${day.sent} sent, ${day.seen} seen, ${day.answered} answered, ${day.goal} reached the goal, ${day.heldOut} held out`}</title>
                <rect
                  x={LEFT + index * step}
                  y={TOP}
                  width={step}
                  height={plot}
                  fill="transparent"
                />
                <rect
                  x={x}
                  width={bar}
                  y={y(day.sent)}
                  height={y(0) - y(day.sent)}
                  className={styles.sentBar}
                />
                <rect
                  x={x}
                  width={bar}
                  y={y(day.seen)}
                  height={y(0) - y(day.seen)}
                  className={styles.seenBar}
                />
                {labels.has(index) && (
                  <text
                    x={index === 0 ? LEFT : index === days.length - 1 ? width : x + bar / 2}
                    y={HEIGHT - 6}
                    textAnchor={
                      index === 0 ? "start" : index === days.length - 1 ? "end" : "middle"
                    }
                    className={styles.mark}
                  >
                    {dayLabel(day.day)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
    </section>
  );
}
