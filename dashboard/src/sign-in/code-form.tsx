import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { CODE_DIGITS } from "../../../protocol/limits.ts";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { useNow } from "../words/use-now.ts";
import styles from "./entrance.module.css";

const RESEND_AFTER_MS = 30_000;

export function CodeForm({
  email,
  onDone,
  onBack,
}: {
  email: string;
  onDone(): Promise<void>;
  onBack(): void;
}) {
  const [code, setCode] = useState("");
  const [sentAt, setSentAt] = useState(() => Date.now());
  const field = useRef<HTMLInputElement>(null);
  const now = useNow(1_000);
  const signIn = useMutation({
    mutationFn: (digits: string) => api.signIn(email.trim(), digits).then(onDone),
    onError: () => field.current?.select(),
  });
  const resend = useMutation({
    mutationFn: () => api.requestCode(email.trim()),
    onSuccess: () => {
      setSentAt(Date.now());
      setCode("");
      signIn.reset();
      field.current?.focus();
    },
  });
  const waitS = Math.ceil((sentAt + RESEND_AFTER_MS - now) / 1000);

  useEffect(() => field.current?.focus(), []);

  function change(text: string): void {
    const digits = text.replace(/\D/gu, "").slice(0, CODE_DIGITS);
    setCode(digits);
    if (signIn.isError) signIn.reset();
    if (digits.length === CODE_DIGITS && digits !== code) signIn.mutate(digits);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (code.length === CODE_DIGITS && !signIn.isPending) signIn.mutate(code);
  }

  const failure = signIn.error ?? resend.error;
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        ref={field}
        label="6-digit code"
        name="code"
        size="lg"
        inputMode="numeric"
        autoComplete="one-time-code"
        spellCheck={false}
        classNames={{ input: styles.code ?? "" }}
        value={code}
        onChange={(event) => change(event.currentTarget.value)}
        error={failure === null ? null : wordsFor(failure)}
      />
      <Button
        type="submit"
        size="md"
        loading={signIn.isPending}
        disabled={code.length < CODE_DIGITS}
      >
        Sign in
      </Button>
      <div className={styles.actions}>
        <Button variant="subtle" size="compact-sm" color="gray" onClick={onBack}>
          Another address
        </Button>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={waitS > 0}
          loading={resend.isPending}
          onClick={() => resend.mutate()}
        >
          {waitS > 0 ? `Send again in ${waitS} s` : "Send another code"}
        </Button>
      </div>
    </form>
  );
}
