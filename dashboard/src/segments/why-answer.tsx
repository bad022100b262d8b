import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Condition } from "../../../protocol/conditions.ts";
import { api } from "../api/client.ts";
import { codeOf, wordsFor } from "../api/failure.ts";
import { useNames } from "../conditions/use-names.ts";
import { ExplanationTree } from "./explanation-tree.tsx";
import { explainedLine } from "./explanation-words.ts";
import whyStyles from "./why.module.css";

type Props = { condition: Condition; visitor: string; name: string };

/** Whether one person matches, and why. Asked of the person's own record, so it is exact. */
export function WhyAnswer({ condition, visitor, name }: Props) {
  const names = useNames();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["explanation", visitor, JSON.stringify(condition)],
    queryFn: () => api.explain(condition, visitor),
    staleTime: 0,
  });
  if (data === undefined && error === null)
    return <Loader size="sm" color="gray" aria-label="Loading" />;
  if (data === undefined) {
    return (
      <div className={whyStyles.whyFailure} role="alert">
        <p>{codeOf(error) === "not_found" ? "There is no such person." : wordsFor(error)}</p>
        <Button size="xs" variant="default" onClick={() => void refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  return (
    <div className={whyStyles.why}>
      <p className={whyStyles.verdict} data-holds={data.holds} role="status">
        <span dir="auto">{name}</span> {data.holds ? "matches." : "does not match."}
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          loading={isFetching}
          onClick={() => void refetch()}
        >
          Look again
        </Button>
      </p>
      <ExplanationTree line={explainedLine(data, { names })} />
    </div>
  );
}
