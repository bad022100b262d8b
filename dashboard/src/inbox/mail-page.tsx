import { UnstyledButton } from "@mantine/core";
import { IconPhoto, IconPhotoOff, IconTypography } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { MAIL_FRAME_SANDBOX } from "../../../domain/email/mail-page-policy.ts";
import type { ConversationId } from "../../../protocol/ids.ts";
import { api } from "../api/client.ts";
import styles from "./mail-parts.module.css";

/**
 * A mail as its sender laid it out, in a frame that runs and loads nothing. Pictures from elsewhere tell whoever sent
 * the mail that it was looked at: they are fetched only when somebody asks for them.
 */
export function MailPage({ conversation, seq }: { conversation: ConversationId; seq: number }) {
  const [isShown, setIsShown] = useState(false);
  const [hasImages, setHasImages] = useState(false);
  const images = hasImages ? "shown" : "hidden";
  const path = `/api/conversations/${conversation}/mail-page?seq=${seq}`;
  const { data: isDeleted, isPending } = useQuery({
    queryKey: ["mail-deleted", path],
    queryFn: () => api.isDeleted(path),
    enabled: isShown,
    staleTime: Number.POSITIVE_INFINITY,
    // Without a connection the frame says so.
    networkMode: "always",
    retry: false,
  });
  return (
    <>
      <UnstyledButton
        className={styles.more}
        aria-expanded={isShown}
        onClick={() => {
          setIsShown(!isShown);
          setHasImages(false);
        }}
      >
        <IconTypography size={14} aria-hidden="true" />
        {isShown ? "Hide original" : "Show original"}
      </UnstyledButton>
      {isShown && isDeleted === true && (
        <p className={styles.gone} role="status">
          The original of this mail has been deleted. Its words are shown above.
        </p>
      )}
      {isShown && !isPending && isDeleted !== true && (
        <div className={styles.page}>
          <iframe
            key={images}
            className={styles.frame}
            title="The mail as it was sent"
            sandbox={MAIL_FRAME_SANDBOX}
            referrerPolicy="no-referrer"
            src={`${path}&images=${images}`}
          />
          <UnstyledButton className={styles.more} onClick={() => setHasImages(!hasImages)}>
            {hasImages ? (
              <IconPhotoOff size={14} aria-hidden="true" />
            ) : (
              <IconPhoto size={14} aria-hidden="true" />
            )}
            {hasImages ? "Hide images" : "Show images"}
          </UnstyledButton>
        </div>
      )}
    </>
  );
}
