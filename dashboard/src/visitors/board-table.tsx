import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconMessage, IconMessagePlus } from "@tabler/icons-react";
import { Face } from "../theme/face.tsx";
import { nameOf } from "../words/names.ts";
import {
  CartWords,
  LastSearch,
  PageWords,
  Place,
  TimeHere,
  type BoardProps,
} from "./board-cells.tsx";
import styles from "./visitors.module.css";

export function BoardTable({ present, onWrite, writingTo }: BoardProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Page</th>
          <th scope="col" className={styles.time}>
            Time here
          </th>
          <th scope="col">Came from</th>
          <th scope="col" className={styles.wide}>
            Device and country
          </th>
          <th scope="col">Last search</th>
          <th scope="col">Cart</th>
          <th scope="col" className={styles.actions}>
            <span className={styles.hidden}>Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {present.map((visitor) => {
          const name = nameOf(visitor);
          return (
            <tr key={visitor.id}>
              <th scope="row">
                <Link
                  to="/visitors/$visitor"
                  params={{ visitor: visitor.id }}
                  className={styles.who}
                >
                  <Face id={visitor.id} name={name} size={32} />
                  <span className={styles.two}>
                    <span dir="auto" title={name}>
                      {name}
                    </span>
                    {visitor.email !== null && (
                      <span className={styles.quiet}>{visitor.email}</span>
                    )}
                  </span>
                </Link>
              </th>
              <td>
                <PageWords page={visitor.page} />
              </td>
              <td className={styles.time}>
                <TimeHere since={visitor.since} />
              </td>
              <td>
                <span className={styles.ellipsis} title={visitor.source}>
                  {visitor.source}
                </span>
              </td>
              <td className={styles.wide}>
                <Place country={visitor.country} device={visitor.device} />
              </td>
              <td>
                <LastSearch lastSearch={visitor.lastSearch} />
              </td>
              <td>
                <CartWords cart={visitor.cart} />
              </td>
              <td className={styles.actions}>
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Write to ${name}`}
                  leftSection={
                    visitor.openConversation === null ? (
                      <IconMessagePlus size={15} />
                    ) : (
                      <IconMessage size={15} />
                    )
                  }
                  loading={writingTo === visitor.id}
                  onClick={() => onWrite(visitor.id)}
                >
                  Write
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
