CREATE TABLE `deliveries` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`visitor_id` text NOT NULL,
	`trigger_id` text NOT NULL,
	`trigger_version` integer NOT NULL,
	`variant` text,
	`state` text NOT NULL,
	`reason` text,
	`decided_at` integer NOT NULL,
	`seen_at` integer,
	`clicked_at` integer,
	`answered_at` integer,
	`closed_at` integer,
	`goal_at` integer,
	`goal_minor` integer,
	`goal_currency` text,
	`body` text NOT NULL,
	`version` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `visitor_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `deliveries_by_trigger` ON `deliveries` (`workspace_id`,`trigger_id`,"decided_at" DESC,`visitor_id`,`id`);--> statement-breakpoint
CREATE TABLE `segment_members` (
	`workspace_id` text NOT NULL,
	`segment_id` text NOT NULL,
	`visitor_id` text NOT NULL,
	`since` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `segment_id`, `visitor_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `segment_members_by_visitor` ON `segment_members` (`workspace_id`,`visitor_id`);--> statement-breakpoint
CREATE TABLE `segments` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`condition` text NOT NULL,
	`stage` integer,
	`version` integer NOT NULL,
	`live_at` integer NOT NULL,
	`since_version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`archived_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `trigger_versions` (
	`workspace_id` text NOT NULL,
	`trigger_id` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`live_at` integer NOT NULL,
	`since_version` integer NOT NULL,
	`published_by` text NOT NULL,
	`published_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `trigger_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `triggers` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`status` text NOT NULL,
	`draft` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
ALTER TABLE `workspaces` ADD `definitions_version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `cap` text;