CREATE TABLE `originals` (
	`workspace_id` text NOT NULL,
	`name` text NOT NULL,
	`kept_at` integer NOT NULL,
	`is_shown` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `name`)
);
--> statement-breakpoint
CREATE INDEX `originals_by_time` ON `originals` (`workspace_id`,`kept_at`);--> statement-breakpoint
CREATE INDEX `originals_unshown` ON `originals` (`kept_at`) WHERE is_shown = 0;--> statement-breakpoint
ALTER TABLE `mail_senders` ADD `originals_days` integer DEFAULT 0 NOT NULL;