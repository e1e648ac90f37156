import "@mantine/charts/styles.css";

import { BarChart } from "@mantine/charts";
import { VisuallyHidden } from "@mantine/core";

const DAY_MS = 86_400_000;
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });

interface Props {
  uses: { date: string; useCount: number }[];
  since: string;
  days: number;
}

/** Uses per day, days without any included. */
export default function UsesByDay({ uses, since, days }: Props) {
  const counts = new Map(uses.map((each) => [each.date, each.useCount]));
  const data = Array.from({ length: days }, (_, number) => {
    const date = new Date(Date.parse(since) + number * DAY_MS);
    return { day: day.format(date), Uses: counts.get(date.toISOString().slice(0, 10)) ?? 0 };
  });
  return (
    <>
      <div aria-hidden="true">
        <BarChart
          h={260}
          px="md"
          pb="md"
          data={data}
          dataKey="day"
          series={[{ name: "Uses", color: "iris.6" }]}
          gridAxis="x"
          tickLine="none"
          maxBarWidth={28}
          valueFormatter={(value) => value.toLocaleString("en")}
          barProps={{ radius: [4, 4, 0, 0], isAnimationActive: false }}
          barChartProps={{ accessibilityLayer: false }}
          xAxisProps={{ minTickGap: 24 }}
        />
      </div>
      <VisuallyHidden>
        <table>
          <caption>Uses by day, in UTC</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Uses</th>
            </tr>
          </thead>
          <tbody>
            {uses.map((each) => (
              <tr key={each.date}>
                <td>{each.date}</td>
                <td>{each.useCount}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </>
  );
}
