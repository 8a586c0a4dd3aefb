import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.io.text.VCardReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.io.PrintStream;

/** Prints the name of each card of a file, and each warning that ez-vcard has about it. */
class CheckCards {
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        VCardVersion version = VCardVersion.valueOfByStr(arguments[1]);
        try (VCardReader reader = new VCardReader(new File(arguments[0]))) {
            for (VCard card; (card = reader.readNext()) != null; ) {
                out.println("card\t" + card.getFormattedName().getValue());
                if (card.getVersion() != version) out.println("warning\tversion " + card.getVersion());
                reader.getWarnings().forEach(warning -> out.println("warning\t" + warning));
                String faults = card.validate(version).toString().strip();
                if (!faults.isEmpty()) out.println("warning\t" + faults.replace("\n", " | "));
            }
        }
    }
}
