import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.io.text.VCardReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.io.PrintStream;

/** For pairs of a version and a file, prints the name of each card, and each warning that ez-vcard has about it. */
class CheckCards {
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int pair = 0; pair < arguments.length; pair += 2) {
            String begin = arguments[pair] + "\t";
            VCardVersion version = VCardVersion.valueOfByStr(arguments[pair]);
            try (VCardReader reader = new VCardReader(new File(arguments[pair + 1]))) {
                for (VCard card; (card = reader.readNext()) != null; ) {
                    out.println(begin + "card\t" + card.getFormattedName().getValue());
                    if (card.getVersion() != version) out.println(begin + "warning\tversion " + card.getVersion());
                    reader.getWarnings().forEach(warning -> out.println(begin + "warning\t" + warning));
                    String faults = card.validate(version).toString().strip();
                    if (!faults.isEmpty()) out.println(begin + "warning\t" + faults.replace("\n", " | "));
                }
            }
        }
    }
}
