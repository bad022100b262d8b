CREATE TABLE `distinct_visitors` (
	`workspace_id` text NOT NULL,
	`one_id` text NOT NULL,
	`other_id` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `one_id`, `other_id`)
);
--> statement-breakpoint
CREATE INDEX `distinct_visitors_by_other` ON `distinct_visitors` (`workspace_id`,`other_id`,`one_id`);--> statement-breakpoint
CREATE TABLE `known_as` (
	`workspace_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`visitor_id` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `kind`, `value`, `visitor_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `known_as_by_visitor` ON `known_as` (`workspace_id`,`visitor_id`);--> statement-breakpoint
CREATE TABLE `link_changes` (
	`workspace_id` text NOT NULL,
	`one_id` text NOT NULL,
	`other_id` text NOT NULL,
	`at` integer NOT NULL,
	`what` text NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `one_id`, `other_id`, `at`, `what`)
);
--> statement-breakpoint
CREATE INDEX `link_changes_by_other` ON `link_changes` (`workspace_id`,`other_id`);--> statement-breakpoint
CREATE TABLE `visitor_links` (
	`workspace_id` text NOT NULL,
	`one_id` text NOT NULL,
	`other_id` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `one_id`, `other_id`)
);
--> statement-breakpoint
CREATE INDEX `visitor_links_by_other` ON `visitor_links` (`workspace_id`,`other_id`,`one_id`);--> statement-breakpoint
INSERT OR IGNORE INTO `known_as`
SELECT v.workspace_id, 'email', lower(trim(i.value ->> 'value')), v.id
FROM visitors v JOIN json_each(v.card, '$.identifiers') i
WHERE i.value ->> 'kind' = 'email' AND instr(i.value ->> 'value', '@') > 1
UNION ALL
SELECT v.workspace_id, 'phone',
  replace(replace(replace(replace(replace(replace(trim(i.value ->> 'value'), ' ', ''), '(', ''), ')', ''), '.', ''), '-', ''), '/', ''), v.id
FROM visitors v JOIN json_each(v.card, '$.identifiers') i
WHERE i.value ->> 'kind' = 'phone' AND i.value ->> 'value' GLOB '+[1-9]*'
UNION ALL
SELECT workspace_id, 'name', lower(trim(substr(name, 1, 64))), id FROM visitors WHERE trim(coalesce(name, '')) <> '';