import { Button } from "@mantine/core";
import { wordsFor } from "../api/failure.ts";
import { EmptyState } from "../theme/empty-state.tsx";

type Props = {
  /** What did not come: "The segment". */
  what: string;
  error: unknown;
  onRetry(): unknown;
  level?: 1 | 2;
};

/** Says what did not come and why, and tries again. */
export function LoadFailure({ what, error, onRetry, level = 2 }: Props) {
  return (
    <EmptyState title={`${what} could not be loaded`} words={wordsFor(error)} level={level}>
      <Button variant="default" onClick={() => void onRetry()}>
        Try again
      </Button>
    </EmptyState>
  );
}
