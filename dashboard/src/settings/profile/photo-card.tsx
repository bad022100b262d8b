import { Button, FileButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { PHOTO_MAX_BYTES } from "../../../../protocol/limits.ts";
import { api } from "../../api/client.ts";
import { wordsFor } from "../../api/failure.ts";
import { colleaguesQuery, meQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { Face } from "../../theme/face.tsx";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";

const KINDS = "image/png,image/jpeg,image/webp";

/** The photo: chosen, looked at, and only then uploaded. */
export function PhotoCard() {
  const { operator } = useWorkspace();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<{ file: File; url: string } | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);

  useEffect(() => () => (chosen === null ? undefined : URL.revokeObjectURL(chosen.url)), [chosen]);

  const change = useMutation({
    mutationFn: (photo: File | null) =>
      photo === null ? api.removePhoto() : api.uploadPhoto(photo),
    onSuccess: async () => {
      await Promise.all(
        [meQuery.queryKey, colleaguesQuery.queryKey].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
      setChosen(null);
    },
    onError: (error) => setRefusal(wordsFor(error)),
  });

  function choose(file: File | null): void {
    setRefusal(null);
    if (file === null) return;
    if (file.size > PHOTO_MAX_BYTES) setRefusal("This picture is larger than 2 MB.");
    else if (!KINDS.split(",").includes(file.type))
      setRefusal("Only PNG, JPEG and WebP pictures can be used.");
    else setChosen({ file, url: URL.createObjectURL(file) });
  }

  return (
    <Card title="Photo">
      <div className={styles.photo}>
        <Face
          id={operator.id}
          name={operator.name}
          photo={chosen?.url ?? operator.photo}
          size={88}
        />
        <div>
          <div className={styles.row}>
            {chosen === null ? (
              <FileButton accept={KINDS} onChange={choose} inputProps={{ "aria-label": "Photo" }}>
                {(props) => (
                  <Button variant="default" {...props}>
                    {operator.photo === null ? "Upload a photo" : "Change the photo"}
                  </Button>
                )}
              </FileButton>
            ) : (
              <>
                <Button loading={change.isPending} onClick={() => change.mutate(chosen.file)}>
                  Use this photo
                </Button>
                <Button variant="default" onClick={() => setChosen(null)}>
                  Cancel
                </Button>
              </>
            )}
            {chosen === null && operator.photo !== null && (
              <Button
                variant="subtle"
                color="red"
                loading={change.isPending}
                onClick={() => change.mutate(null)}
              >
                Remove
              </Button>
            )}
          </div>
          {refusal === null ? (
            <p className={styles.quiet} style={{ marginBlockStart: 8 }}>
              PNG, JPEG or WebP, up to 2 MB. A square shows best.
            </p>
          ) : (
            <p className={styles.bad} role="alert" style={{ marginBlockStart: 8 }}>
              {refusal}
            </p>
          )}
        </div>
      </div>
    </Card>
  );
}
