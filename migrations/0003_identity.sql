CREATE TABLE `identifiers` (
	`workspace_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`visitor_id` text NOT NULL,
	`since` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `kind`, `value`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `identity_keys` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text,
	`retires_at` integer,
	`revoked_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `joined_visitors` (
	`workspace_id` text NOT NULL,
	`visitor_id` text NOT NULL,
	`into_id` text NOT NULL,
	`joined_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `visitor_id`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `workspaces` ADD `identity_mode` text DEFAULT 'off' NOT NULL;