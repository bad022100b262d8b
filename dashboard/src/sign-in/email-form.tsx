import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, type FormEvent } from "react";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { isEmail } from "../words/addresses.ts";
import styles from "./entrance.module.css";

export function EmailForm({
  email,
  onEmail,
  onSent,
}: {
  email: string;
  onEmail(email: string): void;
  onSent(): void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const request = useMutation({
    mutationFn: () => api.requestCode(email.trim()),
    onSuccess: onSent,
  });
  const isBad = !request.isIdle && !isEmail(email);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isEmail(email)) request.mutate();
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label="Email"
        name="email"
        type="email"
        autoComplete="email"
        placeholder="you@example.com"
        size="md"
        required
        withAsterisk={false}
        ref={field}
        value={email}
        onChange={(event) => onEmail(event.currentTarget.value)}
        error={
          request.isError ? wordsFor(request.error) : isBad ? "This is not an email address." : null
        }
      />
      <Button type="submit" size="md" loading={request.isPending}>
        Send me a code
      </Button>
    </form>
  );
}
