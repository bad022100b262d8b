import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { operatorChanged } from "../api/acting-operator.ts";
import { markTab } from "../attention/tab-mark.ts";
import { CodeForm } from "./code-form.tsx";
import { EmailForm } from "./email-form.tsx";
import { Entrance } from "./entrance.tsx";

const route = getRouteApi("/sign-in");

/** Signing in: an address, then the code that was mailed to it. */
export function SignInPage() {
  const [email, setEmail] = useState("");
  const [isSent, setIsSent] = useState(false);
  const { back } = route.useSearch();
  const client = useQueryClient();
  const router = useRouter();
  useEffect(() => markTab("Sign in", 0), []);

  async function enter(): Promise<void> {
    operatorChanged();
    client.clear();
    await router.invalidate();
    router.history.push(back ?? "/inbox");
  }

  return isSent ? (
    <Entrance
      title="Check your mail"
      words={
        <>
          A 6-digit code is on its way to <strong>{email}</strong>. It works for ten minutes.
        </>
      }
    >
      <CodeForm email={email} onDone={enter} onBack={() => setIsSent(false)} />
    </Entrance>
  ) : (
    <Entrance
      title="Sign in to Parley"
      words="Type your email address and you get a code. There is no password."
      foot="New here? The same code opens a new workspace."
    >
      <EmailForm
        email={email}
        onEmail={setEmail}
        onSent={() => {
          setIsSent(true);
        }}
      />
    </Entrance>
  );
}
