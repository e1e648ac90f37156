import { Button, Collapse, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId } from "react";

import type { Provider } from "../session/oidc";
import type { NewPerson } from "./add-person";

interface Props {
  form: UseFormReturnType<NewPerson>;
  provider: Provider | null | undefined;
}

/** Who the identity provider says that a person is. */
export function IdentityFields({ form, provider }: Props) {
  const [isOpen, { toggle }] = useDisclosure();
  const id = useId();
  // What the API asks for must not stay hidden.
  const isShown = isOpen || provider === null || form.errors["issuer"] !== undefined;
  const Icon = isShown ? IconChevronDown : IconChevronRight;
  return (
    <>
      <TextInput
        label="Subject"
        description="The identity provider's own name for them: sub in its tokens. Often an id, not the e-mail address."
        withAsterisk
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps("subject")}
      />
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          leftSection={<Icon size={16} aria-hidden />}
          aria-expanded={isShown}
          aria-controls={id}
          onClick={toggle}
        >
          Advanced
        </Button>
        <Collapse id={id} expanded={isShown}>
          <TextInput
            mt="xs"
            label="Issuer"
            description={
              provider
                ? `iss in the provider's tokens. Left empty, it is ${provider.issuer}.`
                : "iss in the provider's tokens. Left empty, it is the provider that this service is configured with."
            }
            type="url"
            autoComplete="off"
            {...form.getInputProps("issuer")}
          />
        </Collapse>
      </div>
    </>
  );
}
