import { notifications } from "@mantine/notifications";
import type { MouseEvent, ReactNode } from "react";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";

type Props = { href: string; name: string; className: string | undefined; children: ReactNode };

/** A file of a mail. What is kept no longer is said to be so, where a browser would save the refusal as a file. */
export function FileLink({ href, name, className, children }: Props) {
  async function save(event: MouseEvent): Promise<void> {
    event.preventDefault();
    try {
      const url = URL.createObjectURL(await api.file(href));
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      notifications.show({ color: "red", title: "The file is not here", message: wordsFor(error) });
    }
  }
  return (
    <a className={className} href={href} download onClick={(event) => void save(event)}>
      {children}
    </a>
  );
}
