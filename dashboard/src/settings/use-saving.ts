import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { wordsFor } from "../api/failure.ts";

type Saving<Input> = {
  save(input: Input): Promise<unknown>;
  /** What shows the change, asked again afterwards. */
  keys: readonly QueryKey[];
  /** "Your profile", for "Your profile is saved." */
  what: string;
};

/** Saves something and says how it went. */
export function useSaving<Input>({ save, keys, what }: Saving<Input>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: Input) => {
      await save(input);
      await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    onSuccess: () => notifications.show({ message: `${what} saved.` }),
    onError: (error) => {
      notifications.show({ color: "red", title: `${what} not saved`, message: wordsFor(error) });
    },
  });
}
