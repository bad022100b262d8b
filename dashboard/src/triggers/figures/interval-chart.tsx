import { useElementSize } from "@mantine/hooks";
import type { Effect } from "../../../../protocol/triggers-api.ts";
import styles from "./figures.module.css";
import { pointsWords } from "./figure-words.ts";
import words from "../../page/words.module.css";

/** Until the screen has said how wide it is. */
const FIRST_WIDTH = 560;
const HEIGHT = 64;
const EDGE = 40;
const LINE_Y = 24;

/** The difference and its interval on a line around zero. */
export function IntervalChart({ effect }: { effect: Effect }) {
  // One unit is one pixel on every screen, so that the words keep their size.
  const { ref, width: measured } = useElementSize();
  const width = Math.round(measured) || FIRST_WIDTH;
  const reach = 1.15 * Math.max(Math.abs(effect.from), Math.abs(effect.to), 0.001);
  const x = (value: number): number => width / 2 + (value / reach) * (width / 2 - EDGE);
  const label = `Difference ${pointsWords(effect.difference)} points, 95 % interval from ${pointsWords(effect.from)} to ${pointsWords(effect.to)} points.`;
  return (
    <figure ref={ref} className={styles.chart}>
      <figcaption className={words.quiet}>
        How many points more of the people reached the goal?
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        className={styles.interval}
        role="img"
        aria-label={label}
        data-verdict={effect.verdict}
      >
        <line x1={EDGE / 2} x2={width - EDGE / 2} y1={LINE_Y} y2={LINE_Y} className={styles.axis} />
        <line x1={x(0)} x2={x(0)} y1={6} y2={42} className={styles.zero} />
        <line
          x1={x(effect.from)}
          x2={x(effect.to)}
          y1={LINE_Y}
          y2={LINE_Y}
          className={styles.range}
        />
        <circle cx={x(effect.difference)} cy={LINE_Y} r={7} className={styles.point} />
        <Mark x={x(0)} text="no difference" />
        {[effect.from, effect.to].map((value) =>
          Math.abs(x(value) - x(0)) < 70 ? null : (
            <Mark key={value} x={x(value)} text={pointsWords(value)} />
          ),
        )}
      </svg>
    </figure>
  );
}

const Mark = ({ x, text }: { x: number; text: string }) => (
  <text x={x} y={58} textAnchor="middle" className={styles.mark}>
    {text}
  </text>
);
