import { Button, Loader } from "@mantine/core";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { wordsFor } from "../api/failure.ts";
import { EmptyState } from "../theme/empty-state.tsx";

/** What a page shows while it is not there yet, or cannot be. */

export function Waiting() {
  return (
    <EmptyState>
      <Loader size="sm" color="gray" role="status" aria-label="Loading" />
    </EmptyState>
  );
}

export function Failure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const tryAgain = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <EmptyState title="This page could not be opened" words={wordsFor(error)} level={1}>
      <Button variant="default" onClick={tryAgain}>
        Try again
      </Button>
    </EmptyState>
  );
}

export function Missing() {
  return (
    <EmptyState
      title="There is no page here"
      words="The address may be mistyped, or the page has moved."
      level={1}
    >
      <Button component="a" href="/inbox" variant="default">
        Open the inbox
      </Button>
    </EmptyState>
  );
}
