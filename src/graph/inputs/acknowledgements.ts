/** How the acknowledgements of what reaches further are described, as every input takes them that has to. */
export const acknowledgeAdministrationField = {
  defaultValue: false,
  description:
    "True to say that it may give or take administration beyond one space or one person: a product role beyond user and guest, the super group of a Data Center site, administration for everybody, and a membership or a group whose end leaves a space without an active person who administers it (`LAST_ADMINISTRATOR` without it). Without it such a change answers `ACKNOWLEDGEMENT_REQUIRED` and nothing is written; a dry run shows it and its `reach`.",
};

export const acknowledgeOrganizationWideField = {
  defaultValue: false,
  description:
    "True to say that it may reach every product of the organization, not this site alone: groups of an organization are groups of its other sites too. Without it such a change answers `ACKNOWLEDGEMENT_REQUIRED` and nothing is written; a dry run shows it and its `reach`. Not needed where no organization is configured, and not on Data Center.",
};
