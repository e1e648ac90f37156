import { Alert, Anchor, Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { IconInfoCircle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import type { AddOrganizationUserInput } from "../schema.generated";
import { useOrganization, useOrganizationId } from "../session/session";
import { DurationField } from "../shared/duration-field";
import { useIdempotencyKey } from "../shared/idempotency-key";
import { useSecret } from "../shared/one-time-secret";
import { IdentityFields } from "./identity-fields";
import { LostToken } from "./lost-token";
import { AddOrganizationUserDocument } from "./people.generated";
import { useProvider } from "./provider";

const WEEK = 604_800;

const INITIAL = {
  method: "identity" as "identity" | "token",
  name: "",
  email: "",
  subject: "",
  issuer: "",
  tokenMaxAgeSeconds: WEEK as number | null,
};

export type NewPerson = typeof INITIAL;

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** Adds a person, and leads to it. What was typed stays until it is added. */
export function AddPerson({ isOpen, onClose }: Props) {
  const organizationId = useOrganizationId();
  const isAdministrator = useOrganization()?.viewerCanGrantPermissions === true;
  const provider = useProvider();
  const [, navigate] = useLocation();
  const [add, isBusy] = useAct(AddOrganizationUserDocument);
  const [key, renew] = useIdempotencyKey();
  const [lost, setLost] = useState<{ id: string; name: string } | null>(null);
  const [memberId, setMemberId] = useState<string | null>(null);
  const show = useSecret();
  const form = useForm<NewPerson>({
    initialValues: INITIAL,
    validate: {
      name: (name) => (name.trim() ? null : "Say what they are called."),
      email: (email) => (email.trim() ? null : "Give their address."),
      subject: (subject, { method }) =>
        method === "identity" && !subject ? "Say how the identity provider names them." : null,
      tokenMaxAgeSeconds: (seconds, { method }) =>
        method === "token" && seconds === null ? "Say how long the token lives." : null,
    },
  });
  const { method } = form.values;

  useEffect(() => {
    // Who has no identity provider adds people with tokens, unless they chose already.
    if (provider === null && isAdministrator && !form.isDirty("method")) {
      form.setInitialValues({ ...INITIAL, method: "token" });
      form.setFieldValue("method", "token");
    }
  }, [provider, isAdministrator]);

  function leave() {
    form.reset();
    setMemberId(null);
    setLost(null);
    onClose();
  }

  async function submit(values: NewPerson, idempotencyKey = key) {
    setMemberId(null);
    const outcome = await add({ input: inputOf(organizationId, values, idempotencyKey) });
    if (!outcome) return;
    switch (outcome.__typename) {
      case "AlreadyMemberError":
        return setMemberId(outcome.organizationUserId);
      case "AddOrganizationUserReplayed":
        return setLost(outcome.organizationUser);
      case "IdempotencyConflictError":
        renew();
        notifications.show({
          color: "yellow",
          title: "An earlier attempt went through",
          message:
            "Its answer was lost, and you changed the form since. Look in the list for who was added before you add somebody again.",
        });
        return;
    }
    if (isProblem(outcome)) return showProblem(outcome, form);
    const { id, name } = outcome.organizationUser;
    renew();
    leave();
    navigate(`/people/${id}`);
    if (outcome.__typename === "AddOrganizationUserSuccess") {
      notifications.show({ color: "teal", message: `${name} was added.` });
      return;
    }
    show({
      title: `The first token of ${name}`,
      noun: "token",
      text: outcome.fullToken,
      hint: `Hand it to ${name} in a way that nobody else can read. They sign in to this console with it, and use it with the API.`,
    });
  }

  if (lost) {
    return (
      <LostToken
        person={lost}
        isOpen={isOpen}
        onClose={() => {
          renew();
          leave();
        }}
        onRemoved={() => {
          setLost(null);
          void submit(form.getValues(), renew());
        }}
      />
    );
  }
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add person" size="lg" keepMounted={false}>
      <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
        <Stack>
          {memberId !== null && (
            <Alert color="yellow" icon={<IconInfoCircle />} title="They are here already" role="alert">
              Somebody in this organization signs in with this identity.{" "}
              <Anchor component={Link} href={`/people/${memberId}`} size="sm" onClick={leave}>
                Show the person
              </Anchor>
            </Alert>
          )}
          <TextInput
            label="Name"
            withAsterisk
            data-autofocus
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <TextInput
            label="E-mail address"
            description="To tell people apart. Nothing is sent there, and it cannot change later."
            withAsterisk
            type="email"
            autoComplete="off"
            {...form.getInputProps("email")}
          />
          <Radio.Group label="How they sign in" {...form.getInputProps("method")}>
            <Stack gap="sm" mt="xs">
              <Radio
                value="identity"
                label="With the identity provider"
                description="As your organization's people usually do."
              />
              <Radio
                value="token"
                label="With a first token"
                disabled={!isAdministrator}
                description={
                  isAdministrator
                    ? "You get a token once, and hand it to them."
                    : "Needs the permission role:organization:admin."
                }
              />
            </Stack>
          </Radio.Group>
          {method === "identity" ? (
            <IdentityFields form={form} provider={provider} />
          ) : (
            <DurationField
              label="The token lives for"
              description="Long enough for them to sign in and generate tokens for application users."
              {...form.getInputProps("tokenMaxAgeSeconds")}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              Add person
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The API refuses what belongs to the other way of signing in. */
function inputOf(
  organizationId: string,
  values: NewPerson,
  idempotencyKey: string,
): AddOrganizationUserInput {
  const { name, email, method, subject, issuer, tokenMaxAgeSeconds } = values;
  const person = { organizationId, name, email };
  return method === "identity"
    ? { ...person, withToken: false, subject, issuer: issuer || null }
    : { ...person, withToken: true, tokenMaxAgeSeconds, idempotencyKey };
}
